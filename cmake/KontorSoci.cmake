# SOCI's targets. Debian's packages ship neither a CMake configuration nor a .pc file, so they are imported by hand.
# Installed beside kontor-config.cmake too: whoever links our static library needs the same targets.
include_guard()

find_library(KONTOR_SOCI_CORE soci_core REQUIRED)
find_path(KONTOR_SOCI_INCLUDE soci/soci.h REQUIRED)

if(NOT TARGET soci::core)
  add_library(soci::core UNKNOWN IMPORTED GLOBAL)
endif()
set_target_properties(soci::core PROPERTIES IMPORTED_LOCATION "${KONTOR_SOCI_CORE}"
  INTERFACE_INCLUDE_DIRECTORIES "${KONTOR_SOCI_INCLUDE}" INTERFACE_LINK_LIBRARIES "${CMAKE_DL_LIBS}")

# SOCI hides the type information of some classes, which this check of the sanitizer would need.
if(KONTOR_SANITIZE MATCHES "undefined")
  set_property(TARGET soci::core APPEND PROPERTY INTERFACE_COMPILE_OPTIONS -fno-sanitize=vptr)
endif()

# kontor_soci_backend(NAME LIBRARY): soci::NAME from libLIBRARY.
function(kontor_soci_backend name library)
  find_library(KONTOR_SOCI_${name} ${library} REQUIRED)
  if(NOT TARGET soci::${name})
    add_library(soci::${name} UNKNOWN IMPORTED GLOBAL)
  endif()
  set_target_properties(soci::${name} PROPERTIES IMPORTED_LOCATION "${KONTOR_SOCI_${name}}" INTERFACE_LINK_LIBRARIES soci::core)
endfunction()
