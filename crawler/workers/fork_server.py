"""Takes the fork server out of the line of fire; importing this module is the act, so only the fork server does.

Ctrl-C goes to the whole process group and systemd's stop to the whole control group. A fork server that dies of
either breaks every worker pool, while the run still wants to drain. It ends when its parent does, by end of file.
"""

import os
import signal

os.setpgid(0, 0)
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
