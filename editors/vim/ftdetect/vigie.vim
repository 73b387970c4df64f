" Rule files of Vigie: YAML with queries, known by their first keys.
" SPDX-License-Identifier: Apache-2.0
function! s:Look() abort
  let l:top = join(getline(1, 60), "\n")
  if l:top =~# '\v(^|\n)(brands|topics|rules|macros|lists|groups|relays):\s*(#[^\n]*)?(\n|$)'
        \ && l:top !~# '\v(^|\n)(teams|sources|sinks):'
    set filetype=vigie
  endif
endfunction
augroup vigie
  autocmd!
  autocmd BufRead,BufNewFile *.yaml call s:Look()
augroup END
