"""The built-in website: ten hosts that speak ten languages on a real socket, and that know their own words.

    settings ── seed, pages, languages, sizes, latency
       │
    web ── hosts, pages, asides, links, redirects, errors: found by number, nothing rendered
       │
    lexicon ─> sentences ─> inline, blocks ─> sheet, pages ── bytes and their truth, from one random stream a page
                                                │
                             reach ── a polite crawl over what the pages really link to, without a network
                                                │
     manners, sitemaps, conditional ─> responses ── content codings, a cache bounded in bytes
                                                │       ──> truth.json, crawl.json, seeds.txt, stats.json
    process ─ starts ─> __main__ ─> server ─> protocol ── HTTP/1.1, keep-alive, delays that block nobody

The same settings give the same site in any process. A sentence is a list of words before it is a string, so the true
counts come from what was meant, and from no tokenizer. `crawler.site.process.start_site` runs it beside you;
`crawler.site.server.serve` runs it in your own event loop.

`hostile` is another site, under hostile.test, which does everything wrong that a server can.
"""
