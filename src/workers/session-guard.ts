/**
 * Shell commands that wait for the end of standard input, then end all processes of the session of `$leader` and
 * remove `$folder`. They look twice: what they kill may have started something meanwhile.
 */
const waitAndEnd = `read _
self=$(exec sh -c 'echo $PPID')
for time in 1 2; do
  for stat in /proc/[0-9]*/stat; do
    read -r line <$stat || continue
    set -- \${line##*) }
    process=\${stat#/proc/}
    process=\${process%/stat}
    [ "$4" = $leader ] && [ $process != $self ] && kill -9 $process
  done
done
rm -rf -- "$folder"
kill -9 -$leader`;

/**
 * A shell script that becomes a command, after starting a guard beside it. When descriptor 3 ends, with the process
 * that holds its other end, however that ends, the guard ends the whole session, in which boot programs put the worker
 * into another group, and removes what nobody is left to remove. Its arguments: the folder, and the command.
 */
export const becomeGuarded = `folder=$1
leader=$$
shift
(
${waitAndEnd}
) <&3 >/dev/null 2>&1 &
exec "$@" 3<&-`;

/** The guard alone, as a shell script: its arguments are the folder, and the process that leads the session. */
export const guardSession = `folder=$1
leader=$2
${waitAndEnd}`;
