# bash completion for coterie
_coterie() {
    local IFS=$'\n'
    COMPREPLY=($(_COTERIE_COMPLETE=bash _COTERIE_LINE="${COMP_LINE:0:COMP_POINT}" _COTERIE_BREAKS="$COMP_WORDBREAKS" \
        "$1" 2>/dev/null)) || compopt -o default
    [[ ${COMPREPLY[0]} == *[:=,] ]] && compopt -o nospace
    return 0
}
complete -o nosort -F _coterie coterie 2>/dev/null || complete -F _coterie coterie
