"""A network of one's own: a namespace that has loopback and nothing else, with name service by a server of the test's choice.

``run`` starts Python in one, as root or where the system lets users make namespaces; `available` says whether that works here.
"""

from __future__ import annotations

import ctypes
import fcntl
import functools
import os
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.support.shared import ROOT

_NEWNS, _NEWUSER, _NEWNET = 0x00020000, 0x10000000, 0x40000000
_MS_BIND, _MS_REC, _MS_PRIVATE = 0x1000, 0x4000, 0x40000
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _SIOCSIFADDR, _IFF_UP = 0x8913, 0x8914, 0x8916, 0x1


def enter(nameserver: str = "127.0.0.1") -> None:
    """Move this process (one thread, no children yet) into new namespaces. Raises `OSError`."""
    user, group = os.geteuid(), os.getegid()
    _call("unshare", _NEWNS | _NEWNET | (0 if user == 0 else _NEWUSER))
    if user != 0:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1", encoding="ascii")
    _call("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    _replace("/etc/resolv.conf", f"nameserver {nameserver}\noptions timeout:1 attempts:1\n")
    _replace("/etc/nsswitch.conf", "hosts: files dns\n")
    _bring_up(b"lo")


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments):
        error = ctypes.get_errno()
        raise OSError(error, f"{name}: {os.strerror(error)}")


def _replace(path: str, text: str) -> None:
    """Another file in its place, for this namespace only."""
    with tempfile.NamedTemporaryFile("w", delete=False) as file:
        file.write(text)
    Path(file.name).chmod(0o644)
    if Path(path).exists():
        _call("mount", file.name.encode(), os.path.realpath(path).encode(), None, _MS_BIND, None)
    Path(file.name).unlink()  # the mount keeps the file


def _bring_up(interface: bytes) -> None:
    with socket.socket() as any_socket:
        request = struct.pack("16sH14x", interface, 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(any_socket, _SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sH14x", interface, flags | _IFF_UP))


def add_address(ip: str) -> None:
    """Give loopback another IPv4 address: what is public elsewhere is at home here."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        address = struct.pack("H2s4s8x", socket.AF_INET, b"", socket.inet_aton(ip))
        fcntl.ioctl(any_socket, _SIOCSIFADDR, struct.pack("16s16s8x", b"lo:1", address))


def run(module: str, *arguments: str | Path, timeout: float, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """``python -m module arguments`` inside."""
    return subprocess.run(command(module, *arguments), cwd=ROOT, env=env, capture_output=True, text=True, timeout=timeout, check=False)


def command(module: str, *arguments: str | Path) -> Sequence[str]:
    return [sys.executable, "-m", "tests.support.namespace", module, *map(str, arguments)]


@functools.cache
def available() -> bool:
    return sys.platform == "linux" and run("this", timeout=60).returncode == 0


if __name__ == "__main__":
    enter()
    os.execv(sys.executable, [sys.executable, "-m", *sys.argv[1:]])
