# fish completion for coterie
function __coterie_complete
    set -l line (commandline -cp | string collect)
    if set -l found (env _COTERIE_COMPLETE=words _COTERIE_LINE="$line" coterie 2>/dev/null)
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c coterie -f -a '(__coterie_complete)'
