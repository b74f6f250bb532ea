#!/bin/sh
# coreg for Linux in one file: this script, and behind it the archive of the folder.
#
#     FILE               starts coreg; whatever else you write goes to coreg
#     FILE --remove      takes it out of your menu and off your disk; what it saved stays
#
# The first start unpacks the folder into your own files and adds coreg to your menu.
# Those after it start at once. No other user of this computer is touched.
set -u
version=@VERSION@
size_b=@SIZE@
sum=@SUM@
unpacked_kb=@UNPACKED@

say() { # in English, in German
    case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
    de*) words=$2 ;;
    *) words=$1 ;;
    esac
    printf 'coreg: %s\n' "$words" >&2
}

has() { command -v "$1" >/dev/null 2>&1; }

# What a menu or a file manager starts has no terminal: there a window says it.
refuse() {
    say "$1" "$2"
    for window in "zenity --error --no-markup --text" "kdialog --error" \
        xmessage notify-send; do
        ! [ -t 2 ] && has "${window%% *}" || continue
        $window "$words" >/dev/null 2>&1
        break
    done
    exit 1
}

no_room() {
    mb=$((unpacked_kb / 1000 + 1))
    refuse "There isn’t enough room in $versions. coreg needs $mb MB there. Make room, then start this file again." \
        "In $versions ist nicht genug Platz. coreg braucht dort $mb MB. Schaff Platz und starte diese Datei noch einmal."
}

# Counted from the end: whatever is missing of the file, the sum is another one.
payload() { tail -c "$size_b" "$self"; }

unpack() {
    for tool in tar gzip sha256sum mktemp; do
        has "$tool" || refuse \
            "The program “$tool” is missing on this computer. Install it, then start this file again." \
            "Auf diesem Computer fehlt das Programm „$tool“. Installiere es und starte diese Datei noch einmal."
    done
    mkdir -p "$versions" 2>/dev/null && [ -w "$versions" ] || refuse \
        "coreg can’t write in $versions. Check whose folder it is, then start this file again." \
        "coreg kann in $versions nicht schreiben. Prüfe, wem der Ordner gehört, und starte diese Datei noch einmal."
    free_kb=$(df -Pk "$versions" 2>/dev/null | {
        read -r _
        read -r _ _ _ free _ && echo "$free"
    })
    case $free_kb in
    '' | *[!0-9]*) ;; # a disk that does not tell is tried
    *) [ "$free_kb" -ge "$unpacked_kb" ] || no_room ;;
    esac
    say "Unpacking, this once. It takes a few seconds." \
        "Wird entpackt, nur dieses eine Mal. Das dauert ein paar Sekunden."
    [ -t 2 ] || ! has notify-send || notify-send coreg "$words" >/dev/null 2>&1
    found=$(payload | sha256sum)
    [ "${found%% *}" = "$sum" ] || refuse \
        "This file is damaged or isn’t complete. Get it again. Nothing on this computer was changed." \
        "Diese Datei ist beschädigt oder nicht vollständig. Hol sie noch einmal. An diesem Computer wurde nichts verändert."
    beside=$(mktemp -d "$versions/.new.XXXXXX" 2>/dev/null) || no_room
    trap 'rm -rf "$beside"' EXIT
    trap 'exit 130' HUP INT TERM
    if ! wrong=$(payload | gzip -dc 2>/dev/null | tar -xof - -C "$beside" 2>&1); then
        printf '%s\n' "$wrong" | head -n 1 >&2
        no_room
    fi
    touch "$beside/coreg" # for tidy: it was packed long ago, and is used today
    # All of it is on the disk before its name says that it is there: a computer that
    # loses its power now has either none of it or the whole.
    sync -f "$beside" 2>/dev/null || sync
    # Where another start was quicker, `coreg` is a file there, and a folder goes over
    # no file: one of the two stays, whole.
    if mv "$beside/coreg" "$place" 2>/dev/null; then
        "$place/install" --here >/dev/null ||
            say "It couldn’t be added to your menu." \
                "Ein Eintrag im Menü war nicht möglich."
    fi
    rm -rf "$beside"
    trap - EXIT HUP INT TERM
    [ -d "$place" ] || no_room
}

is_running() { # or cannot be told: this shell at least is among what runs
    case $(ls -l /proc/[0-9]*/exe 2>/dev/null) in
    '' | *" -> $1/"*) return 0 ;;
    esac
    return 1
}

# Versions that nobody started since yesterday, and what a killed start left behind.
tidy() {
    for old in "$versions"/* "$versions"/.new.* "$versions"/.old.*; do
        [ "$old" != "$place" ] && [ -d "$old" ] || continue
        [ -n "$(find "$old" -prune -mtime +0 2>/dev/null)" ] || continue
        is_running "$(cd -P "$old" && pwd -P)" && continue
        "$place/install" --here >/dev/null 2>&1 || continue # lest the menu led there
        # Under another name first: half a folder is never taken for a whole one.
        gone=$versions/.old.$$
        mv "$old" "$gone" 2>/dev/null && rm -rf "$gone"
    done
}

remove() {
    for each in "$versions"/*/install "$data/coreg-app/install"; do
        [ -x "$each" ] && exec "$each" --remove
    done
    say "There is nothing to remove." "Es gibt nichts zu entfernen."
    exit 0
}

main() {
    self=$1
    shift
    data=${XDG_DATA_HOME:-}
    case $data in
    /*) ;;
    *) # one that is no whole path does not count
        [ -n "${HOME:-}" ] || refuse \
            "This computer doesn’t say where your own files are. Set HOME, then start this file again." \
            "Dieser Computer sagt nicht, wo deine eigenen Dateien sind. Setze HOME und starte diese Datei noch einmal."
        data=$HOME/.local/share
        ;;
    esac
    versions=$data/coreg-versions
    place=$versions/$version-$(printf %.12s "$sum")
    [ "$*" = --remove ] && remove
    [ -d "$place" ] || unpack
    [ -x "$place/coreg" ] || refuse \
        "No program can be started from $place. Set XDG_DATA_HOME to a folder on another disk, then start this file again." \
        "Aus $place lässt sich kein Programm starten. Setze XDG_DATA_HOME auf einen Ordner auf einer anderen Platte und starte diese Datei noch einmal."
    touch -c "$place" 2>/dev/null
    tidy
    exec "$place/coreg" "$@"
}

main "$0" "$@"
exit
