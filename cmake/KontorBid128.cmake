# Intel's decimal library, made private to one target.
#
# Intel's archive and libgcc both define `__bid128_*`: a program that links both calls the wrong one and crashes. So the functions
# that we use, and all that they need, are linked into one object file; it exports them as `kontor_bid128_*` and hides the rest.
# That object becomes part of the target's archive: whoever links us needs no Intel library and sees none of its names.
include_guard()

# The functions that engine/value/bid128.hpp declares.
set(KONTOR_BID128_FUNCTIONS add sub mul div fma fmod sqrt exp log pow quiet_equal quiet_less)

# Debian's libintelrdfpmath-dev. In its names the digits say: arguments by value, rounding mode and flags as parameters.
find_library(KONTOR_BID_ARCHIVE bidgcc000 REQUIRED)

# kontor_private_bid128(TARGET): adds the functions above to a static library.
function(kontor_private_bid128 target)
  set(folder "${PROJECT_BINARY_DIR}/bid128")
  file(MAKE_DIRECTORY "${folder}")
  foreach(name ${KONTOR_BID128_FUNCTIONS})
    list(APPEND wanted -u __bid128_${name})
    list(APPEND renamed --redefine-sym=__bid128_${name}=kontor_bid128_${name} --keep-global-symbol=kontor_bid128_${name})
  endforeach()
  add_custom_command(
    OUTPUT "${folder}/bid128.o"
    COMMAND "${CMAKE_LINKER}" -r -o "${folder}/all.o" ${wanted} "${KONTOR_BID_ARCHIVE}"
    COMMAND "${CMAKE_OBJCOPY}" ${renamed} "${folder}/all.o" "${folder}/bid128.o"
    DEPENDS "${KONTOR_BID_ARCHIVE}"
    COMMENT "Private copy of Intel's decimal functions"
    VERBATIM)
  set_source_files_properties("${folder}/bid128.o" PROPERTIES EXTERNAL_OBJECT ON GENERATED ON)
  target_sources(${target} PRIVATE "${folder}/bid128.o")
  set_property(TARGET ${target} PROPERTY KONTOR_OBJECTS "${folder}/bid128.o")   # KontorPackage.cmake takes it along
endfunction()
