#compdef coterie
# zsh completion for coterie
_coterie() {
    local found
    if found=$(_COTERIE_COMPLETE=words _COTERIE_LINE="${(j: :)${(@)words[1,CURRENT]}}" "$words[1]" 2>/dev/null); then
        compadd -U -S '' -- ${(f)found}
    else
        _files
    fi
}
if [[ $funcstack[1] == _coterie ]]; then _coterie "$@"; else compdef _coterie coterie; fi
