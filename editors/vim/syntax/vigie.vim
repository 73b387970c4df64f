" Rule files of Vigie: YAML, and the operators, fields and signs of queries.
" Copy editors/vim to ~/.vim, or to a package of it.  tests/cases/editors.sh
" holds its words against rules/terms.def, fields.def and ops.def.
" SPDX-License-Identifier: Apache-2.0
if exists('b:current_syntax')
  finish
endif
runtime! syntax/yaml.vim
unlet! b:current_syntax

syn case match
syn match vigieOperator /\v<(AND|OR|NOT)>/ containedin=ALLBUT,yamlComment
syn match vigieOperator /\v<O?NEAR\/\d+>/ containedin=ALLBUT,yamlComment
syn match vigieOperator /\v<(SENTENCE|ATLEAST\/\d+)\ze\(/ containedin=ALLBUT,yamlComment
syn match vigieOperator /\v"\zs\~\d+/ containedin=ALLBUT,yamlComment
syn match vigieList /\v\@(list|macro)\([^)]*\)/ containedin=ALLBUT,yamlComment
syn match vigieTime /\v<(count|authors)\ze\(/ containedin=ALLBUT,yamlComment
syn match vigieTime /\v<in \d+[mh]>/ containedin=ALLBUT,yamlComment
syn match vigieTag /\v(^|[ (\["'])\zs[#@$][A-Za-z0-9_]+/ containedin=ALLBUT,yamlComment,vigieList
syn match vigieRegex /\v(^|[ ('"])\zs\/[^\/ ][^\/]*\/[ismxnUr]*\ze($|[ )'"])/ containedin=ALLBUT,yamlComment
syn match vigieLabel /\v<(brand|sector|topic|rule):\ze[a-z0-9_-]/ containedin=ALLBUT,yamlComment
syn match vigieBrand /\v(when:.*|^\s+.*)\zs<brand>\ze( |\)|$)/ containedin=ALLBUT,yamlComment
syn match vigiePart /\v<(title|text|exact|disguised):\ze\S/ containedin=ALLBUT,yamlComment
syn match vigieField /\v<(lang|source|channel|kind|author|to|site|url|country|id|parent|root|hour|followers|reach|likes|reposts|replies|views|region|sentiment|rating|following|listed|posts|age|has|is|sample)(:|[<>]\=?|\=)\ze\S/ containedin=ALLBUT,yamlComment

hi def link vigieOperator Operator
hi def link vigieList Identifier
hi def link vigieTime Function
hi def link vigieTag Tag
hi def link vigieRegex String
hi def link vigieLabel Type
hi def link vigieBrand Special
hi def link vigiePart Keyword
hi def link vigieField Keyword

let b:current_syntax = 'vigie'
