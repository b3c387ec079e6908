# Programs of ours use jemalloc: what one thread allocates another frees, and glibc's allocator has them wait for each other. Measured in
# docs/performance.md. The libraries leave the choice to whoever links them.
include_guard()

option(KONTOR_JEMALLOC "Link our programs with jemalloc" ON)

# kontor_allocator(TARGET): for an executable. Sanitizers bring an allocator of their own.
function(kontor_allocator target)
  if(NOT KONTOR_JEMALLOC OR KONTOR_SANITIZE)
    return()
  endif()
  find_library(KONTOR_JEMALLOC_LIBRARY jemalloc)
  if(NOT KONTOR_JEMALLOC_LIBRARY)
    message(FATAL_ERROR "jemalloc is missing: install it (Debian: libjemalloc-dev), or configure with -DKONTOR_JEMALLOC=OFF")
  endif()
  target_link_libraries(${target} PRIVATE "${KONTOR_JEMALLOC_LIBRARY}")
endfunction()
