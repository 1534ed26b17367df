# Sourced by scripts/run and scripts/test: makes .venv from a locked, hashed requirements file; quick when nothing changed.
# Usage: set_up LOCKFILE. Leaves $root (the project) and $venv (the environment).

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=${CASEGUIDE_VENV:-$root/.venv}

say() { printf '%s\n' "$*" >&2; }

find_python() {
  local candidate version
  for candidate in ${CASEGUIDE_PYTHON:-} python3.12 python3.11 python3 python; do
    command -v "$candidate" >/dev/null 2>&1 || continue
    version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    case $version in
      3.11 | 3.12) printf '%s\n' "$candidate"; return 0 ;;
    esac
  done
  say "Caseguide needs Python 3.11 or 3.12, and neither was found here. Install one of them and run this again."
  return 4
}

make_venv() {
  local python=$1
  "$python" -m venv --clear "$venv" >/dev/null 2>&1 && return 0
  # Debian keeps the part of Python that makes environments in a package of its own.
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq >&2 || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$(basename "$(readlink -f "$(command -v "$python")")")-venv" >&2 || true
    "$python" -m venv --clear "$venv" >/dev/null 2>&1 && return 0
  fi
  say "Python can't make an environment here. Install its venv package (on Debian: apt install python3-venv) and run this again."
  return 4
}

set_up() {
  local lock=$1 python stamp want
  stamp=$venv/.caseguide-${lock%.lock}
  want=$(cat "$root/$lock" "$root/pyproject.toml" | cksum; printf '%s' "$root")
  # The test environment holds everything that the run environment needs.
  if [ -x "$venv/bin/python" ]; then
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && return 0
    if [ "$lock" = requirements.lock ] && [ -f "$venv/.caseguide-requirements-dev" ]; then
      [ "$(cat "$venv/.caseguide-requirements-dev")" = "$(cat "$root/requirements-dev.lock" "$root/pyproject.toml" | cksum; printf '%s' "$root")" ] && return 0
    fi
  fi
  "$venv/bin/python" -c 'import pip, sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null || {
    python=$(find_python) || return 4
    say "Making the environment in $venv (once, about two minutes) …"
    make_venv "$python" || return 4
  }
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --require-hashes -r "$root/$lock" >&2 || {
    say "The packages could not be installed. Check the network and run this again."
    return 4
  }
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable "$root" >&2 || return 4
  "$venv/bin/caseguide" knowledge build >&2 || return 4
  printf '%s' "$want" >"$stamp"
}
