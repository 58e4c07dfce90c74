# Sources .env files with bash, which finds no program to run. Paths come on stdin; prints A and B of each, or what they
# were before, each ended by a zero byte; where bash ends with a failure both are "refused".
PATH=
while IFS= read -r path; do
  (
    A=unset B=unset
    if . "$path" </dev/null >/dev/null 2>&1; then
      printf '%s\0%s\0' "$A" "$B"
    else
      printf 'refused\0refused\0'
    fi
  ) || printf 'refused\0refused\0'
done
