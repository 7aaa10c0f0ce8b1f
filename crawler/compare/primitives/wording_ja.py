"""The table's words in Japanese (である style, as textbooks have it)."""

from typing import Final

TEXTS: Final = {
    "space": "",
    "or": "や",
    "comma": "、",
    "times": "{ratio}倍",
    "seconds": "{seconds}秒",
    "short.task": "タスク",
    "short.thread": "スレッド",
    "short.interpreter": "サブインタプリタ",
    "short.process": "プロセス",
    "title": "プロセス・スレッド・タスクの実測比較",
    "machine": "使用可能なコア数 {cores}、{python}、{system}、{gil}、測定時間 {took}",
    "gil.on": "GILあり",
    "gil.off": "GILなし（free-threaded版）",
    "question": "項目",
    "kind.task": "asyncioタスク",
    "kind.thread": "スレッド",
    "kind.interpreter": "サブインタプリタ",
    "kind.process": "プロセス",
    "yes": "見える",
    "no": "見えない",
    "step": "{number}/{of} {title}（残り約{left}秒）",
    "why.needs 3.14": "CPython 3.14が必要",
    "why.no such start method": "このシステムにはない",
    "why.overran": "時間内に終わらず打ち切った",
    "why.broke": "実験が失敗した",
    "note.missing": "{what}：{why}。",
    "note.row": "未測定：{why}。{detail}",
    "note.busy": (
        "測定中、他の処理の負荷が高かった（{cores}コアに対し負荷平均 {load}）。時間と速度比は目安にとどまる。"
    ),
    "note.rough": "~ はばらつきの大きい値（四分位範囲が中央値の半分を超えるもの）を示す。",
    "otherwise": "この環境では教科書どおりの結果にならなかった。",
    # 1
    "memory.title": "メモリは共有か、独立か",
    "memory.line": "書き込みが外から見えるか",
    "memory.shared": (
        "タスクとスレッドは同じプロセスのメモリを共有する。一つが書き込んだ値は、ほかのすべてから見える。"
    ),
    "memory.separate": (
        "プロセスは独立したメモリ空間をもつ。どの方式で生成した子プロセスも自分の書き込みを読み戻せたが、"
        "親プロセスからは見えなかった。"
    ),
    "memory.interpreter": "サブインタプリタも、同じプロセスの中にありながら、状態は独立している。",
    # 2
    "moving.title": "データの受け渡し",
    "moving.cell": "pickle {pickle}\n共有メモリ {shared}",
    "moving.reference": "スレッドには参照を渡すだけで、コピーは起こらない。{size}でも{thread}で済んだ。",
    "moving.pickle": (
        "プロセスに渡すには、直列化（pickle）してパイプで送り、復元しなければならない。同じ量に{pickle}、"
        "およそ{times}倍の時間がかかった。"
    ),
    "moving.shared": "共有メモリならコピーは1回で済み、{shared}だった。",
    # 3
    "creation.title": "生成コスト",
    "creation.line": "最初の行が実行されるまで",
    "creation.first": "\n  初回 {first}",
    "creation.threads": "生成にかかる時間は、タスクが{task}、スレッドが{thread}である。",
    "creation.fork": "forkは今のプロセスをそのまま複製する（{fork}）。速いが、スレッドのあるプロセスでは安全でない。",
    "creation.forkserver": (
        "forkserverは、初回にサーバを起動し（最初の子を含めて{first}）、以後はそこから、"
        "余分なものをもたない小さなプロセスをforkする（{next}）。"
    ),
    "creation.spawn": "spawnは新しいPythonを一から起動する。{spawn}は、スレッドおよそ{times}個分の生成時間に当たる。",
    "creation.interpreter": (
        "サブインタプリタの生成は{interpreter}である。モジュールは読み込み直すが、プロセスは増えない。"
    ),
    "creation.macos": (
        "macOSでは、システムライブラリを使った後のforkは安全でない。ここで動いたことは安全の保証にならない。"
    ),
    # 4
    "footprint.title": "ワーカー1個あたりのメモリ",
    "footprint.own": "固有のメモリ (USS)",
    "footprint.share": "共有分の按分を含む (PSS)",
    "footprint.threads": "待機中のタスクは1個あたり{task}、スレッドは{thread}しか使わない。",
    "footprint.reserved": (
        "スレッドはスタックなどのために{reserved}のアドレス空間を予約するが、実際に使うまで物理メモリは消費しない。"
    ),
    "footprint.process": "spawnで生成したプロセスは固有のメモリだけで{spawn}、スレッドおよそ{times}個分を使う。",
    "footprint.touched": (
        "forkした子は固有のメモリ{fork}から始まり、残りは、どちらかが書き込むまで親と共有する（コピーオンライト）"
        "。ただしPythonでは読むだけでも参照カウントへの書き込みが起こる。親のオブジェクト{heap}を読み終えると、"
        "子の固有のメモリは{touched}になった。"
    ),
    # 5
    "crashes.title": "障害の影響範囲",
    "crashes.segfault": "セグメンテーション違反の後",
    "crashes.exception": "例外の後",
    "crashes.loop": "無限ループ",
    "crashes.pace": "その間の、ほかの処理の速さ",
    "crashes.alone": "ほかは無事",
    "crashes.all": "全体が落ちる",
    "crashes.killed": "強制終了できる",
    "crashes.stuck": "止められない",
    "crashes.fatal": "{kinds}でセグメンテーション違反が起こると、プロセス全体が道連れになった。",
    "crashes.survived": "別のプロセスで起こせば、落ちるのはそのプロセスだけで、親は処理を続けられた。",
    "crashes.gentle": "例外で終わるのは、それを送出したワーカーだけである。",
    "crashes.unstoppable": (
        "無限ループに陥った{kinds}は、プロセス全体を終わらせないかぎり止められない。"
        "プロセスなら単独で強制終了できる。"
    ),
    "crashes.frozen": "タスクがループしている間、同じイベントループのほかのタスクには一度も順番が回らない。",
    "crashes.pool": (
        "ProcessPoolExecutorは、ワーカーが一つでもクラッシュすると使えなくなるため、監視して作り直す必要がある。"
    ),
    # 6
    "gil.title": "GILとCPUバウンド処理",
    "gil.line": "{count}個のときの速度比",
    "gil.line.c": "Cの処理 (SHA-256)、{count}個",
    "gil.turns": (
        "GILのもとでは、Pythonのコードを実行できるスレッドは一度に一つだけである。{count}個使っても、"
        "速さは1個のときの{speed}倍だった。"
    ),
    "gil.parallel": "スレッドが並列に計算した。{count}個使うと、速さは1個のときの{speed}倍になった。",
    "gil.processes": "プロセスはそれぞれ固有のGILをもつ。{cores}コアで{count}個を動かすと、{speed}倍の速さになった。",
    "gil.interpreters": "サブインタプリタもそれぞれ固有のGILをもつ。{count}個で{speed}倍の速さになった。",
    "gil.c": "GILを解放するCの処理なら、スレッドでも並列に動く。{count}個で{speed}倍の速さになった。",
    "gil.one_core": "使用可能なコアが{cores}個では、並列に計算しても速くならない。",
    "gil.no_cores": (
        "今回は、{cores}コアがあるのにプロセスでも速くならなかった。"
        "ほかの処理がコアを使っていたか、コアを占有できない環境である。"
    ),
    # 7
    "waiting.title": "I/Oバウンド処理",
    "waiting.line": "{wait}の待ち{waits}回、各1ワーカー",
    "waiting.line.speed": "逐次処理（{alone}）に対する速度比",
    "waiting.overlap": (
        "{waits}回の待ちは、逐次処理では{alone}かかったが、1回ごとにスレッドを使えば{thread}、"
        "asyncioなら{task}で済んだ。待つだけならコアは要らず、GILも解放される。"
    ),
    "waiting.processes": "プロセスでも待ちは重なるが、待つより生成に時間がかかり、{process}を要した。",
    "waiting.interpreters": "サブインタプリタでも待ちは重なるが、1回ごとに生成すると{interpreter}かかった。",
    # 8
    "mixture.title": "Nプロセス × Mスレッド",
    "mixture.line": "{processes} × {threads}",
    "mixture.cell": "{took}（{speed}）",
    "mixture.about": "{wait}待ってから{compute}計算する仕事を{jobs}個こなした。",
    "mixture.best": (
        "最も速かったのは{best}で、1×1の{speed}倍である。スレッドは待ちを重ね、プロセスは計算を並列化する。"
    ),
    "mixture.tie": "{best}と{second}が最も速く、両者の差は認められなかった。",
    # 9
    "advice.title": "この計算機での指針",
    "advice.wait": (
        "待ちが主な処理（ネットワーク、ディスク）には、スレッドかasyncioを使う。"
        "{waits}回の待ちが{alone}から{task}～{thread}に縮んだ。"
    ),
    "advice.compute.processes": (
        "Pythonでの計算が主な処理には、コア数（{cores}）と同じ数のプロセスを使う。プロセスは{speed}倍、"
        "スレッドは{threads}倍の速さだった。"
    ),
    "advice.compute.threads": "Pythonでの計算が主な処理も、ここではスレッドで足りる。{threads}倍の速さだった。",
    "advice.compute.neither": (
        "Pythonでの計算が主な処理は、ここではプロセス（{speed}倍）でもスレッド（{threads}倍）でもあまり速くならない。"
    ),
    "advice.mixed": (
        "待ちと計算が混ざる処理には、{processes}個のプロセスを立て、"
        "それぞれに複数のスレッド（またはイベントループ）をもたせる。"
    ),
    "advice.keep": (
        "プロセスは仕事のたびに生成せず、使い回す。生成には{create}かかるが、"
        "動いているプロセスに64 KBを渡すのは{move}で済む。"
    ),
    "advice.crossover": (
        "動いているプロセスに任せて引き合うのは、計算時間がおよそ{handed}以上の仕事からであり、"
        "仕事ごとにプロセスを生成して引き合うのは、およそ{own}以上からである。"
    ),
    "advice.shared": "{size}以上のデータには共有メモリを使うか、ワーカー自身に読み込ませる。pickleのほうが遅かった。",
    "advice.safety": (
        "クラッシュや無限ループのおそれがある処理（外部から届いたデータの解析など）は、期限を設けたプロセスで行う。"
    ),
    "advice.forkserver": (
        "スレッドがある場合は、forkserverでプロセスを生成する。1個あたり{cost}で、スレッドがあっても安全である。"
    ),
}
