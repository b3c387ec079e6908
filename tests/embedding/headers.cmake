# cmake -DCXX=g++ -DPREFIX=FOLDER -DWORK=FOLDER -P headers.cmake: compiles each installed header alone, with all warnings as errors.
file(GLOB headers RELATIVE "${PREFIX}/include" "${PREFIX}/include/kontor/*.hpp")
if(NOT headers)
  message(FATAL_ERROR "no headers in ${PREFIX}/include")
endif()
foreach(header IN LISTS headers)
  file(WRITE "${WORK}/alone.cpp" "#include <${header}>\n#include <${header}>\n")
  execute_process(COMMAND "${CXX}" -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror -isystem "${PREFIX}/none"
                          "-I${PREFIX}/include" "${WORK}/alone.cpp"
                  RESULT_VARIABLE failed ERROR_VARIABLE errors)
  if(failed)
    message(SEND_ERROR "${header} does not compile alone:\n${errors}")
  endif()
endforeach()
list(LENGTH headers count)
message(STATUS "${count} headers compile alone")
