# How this project is built: language, warnings, tools that make it faster, and one function that makes a layer.
include_guard()

# Inside another project (add_subdirectory, FetchContent) we say what our own files need and nothing else: compiler cache, linker, warnings
# are that project's affair, and it gets neither our tests nor our examples.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
# A static library's dependencies are linked by whoever links it, so what we find must be known there too.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)

option(KONTOR_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(KONTOR_EXAMPLES "Build the examples" ${PROJECT_IS_TOP_LEVEL})
option(KONTOR_COMMAND "Build the command line program" ${PROJECT_IS_TOP_LEVEL})
option(KONTOR_INSTALL "Install the library, and the command line program if it is built" ${PROJECT_IS_TOP_LEVEL})
option(KONTOR_WERROR "Warnings are errors" OFF)
set(KONTOR_SANITIZE "" CACHE STRING "Sanitizers, for example address,undefined or thread")

if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

  find_program(KONTOR_CCACHE ccache)
  if(KONTOR_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Paths relative to the source folder, so that all checkouts on a machine share what any of them has compiled.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}" CCACHE_NOHASHDIR=1
        CCACHE_ABSSTDERR=1 "${KONTOR_CCACHE}")
  endif()

  find_program(KONTOR_MOLD mold)
  if(KONTOR_MOLD)
    add_link_options(-fuse-ld=mold)
  endif()

  add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-maybe-uninitialized)   # GCC 12 reports it for sound std::variant and std::optional code
    add_compile_options(-Wno-restrict)              # and this for `"text" + string` at -O2 (GCC bug 105651)
  endif()
  if(KONTOR_WERROR)
    add_compile_options(-Werror)
  endif()
endif()
if(KONTOR_SANITIZE)
  add_compile_options(-fsanitize=${KONTOR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${KONTOR_SANITIZE})
  if(KONTOR_SANITIZE MATCHES "thread")
    # GCC's thread sanitizer does not see fences. Asio needs none of them: its queues have locks.
    add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()

# kontor_sources(TARGET FOLDER): every .cpp below the folder. A layer of headers only gets an empty one, since a static library
# needs something to hold, and a folder that nobody has written yet must not keep the others from building.
function(kontor_sources target folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.cpp")
  if(NOT sources)
    set(sources "${PROJECT_BINARY_DIR}/empty.cpp")
    if(NOT EXISTS "${sources}")
      file(WRITE "${sources}" "")
    endif()
    get_target_property(type ${target} TYPE)
    if(type STREQUAL EXECUTABLE)
      set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON)
    endif()
  endif()
  target_sources(${target} PRIVATE ${sources})
endfunction()

# kontor_layer(NAME FOLDER [PUBLIC|PRIVATE libraries...]): the static library kontor_NAME from one folder.
# Headers are included by their path from `engine/` ("core/decide.hpp") or from `include/` (<kontor/value.hpp>).
function(kontor_layer name folder)
  add_library(kontor_${name} STATIC)
  kontor_sources(kontor_${name} ${folder})
  target_include_directories(kontor_${name} PUBLIC "${PROJECT_SOURCE_DIR}/include" "${PROJECT_SOURCE_DIR}/engine")
  target_link_libraries(kontor_${name} ${ARGN})
endfunction()
