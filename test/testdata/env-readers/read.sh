# Sources .env files with bash, which finds no program to run. Paths come on stdin; prints A and B of each, or what they
# were before, each ended by a zero byte; where bash ends with a failure both are "refused". Restricted, so that a line
# that writes to a file writes to none; a file is then found by its name alone, in the folder that bash is in.
PATH=
while IFS= read -r path; do
  (
    cd "${path%/*}"
    A=unset B=unset
    set -r
    if . "${path##*/}" </dev/null; then
      printf '%s\0%s\0' "$A" "$B"
    else
      printf 'refused\0refused\0'
    fi
  ) || printf 'refused\0refused\0'
done
