# evalrun_resources(TARGET glob... [BUILT name=file...])
#
# BUILT: a file that the build makes, and the name it is found by.
# Builds files into TARGET as harness/core/resources.h serves them. `.incbin` takes no time and no
# compiler memory, which a 4 MB array in C++ source would.
function(evalrun_resources TARGET)
  cmake_parse_arguments(ARG "" "" "BUILT" ${ARGN})
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${ARG_UNPARSED_ARGUMENTS})
  list(SORT files)
  list(TRANSFORM files REPLACE "(.+)" "\\1=${CMAKE_SOURCE_DIR}/\\1")
  list(APPEND files ${ARG_BUILT})
  set(paths "")
  set(asm "    .section .rodata\n")
  set(externs "")
  set(rows "")
  set(index 0)
  foreach(entry ${files})
    string(REGEX MATCH "^([^=]+)=(.+)$" entry ${entry})
    set(name ${CMAKE_MATCH_1})
    list(APPEND paths ${CMAKE_MATCH_2})
    string(APPEND asm
      "    .balign 64\n    .global evalrun_resource_${index}\n    .global evalrun_resource_${index}_end\n"
      "evalrun_resource_${index}:\n    .incbin \"${CMAKE_MATCH_2}\"\n"
      "evalrun_resource_${index}_end:\n    .byte 0\n")
    string(APPEND externs
      "extern const char evalrun_resource_${index}[], evalrun_resource_${index}_end[];\n")
    string(APPEND rows
      "    {\"${name}\", {evalrun_resource_${index}, std::size_t(evalrun_resource_${index}_end - evalrun_resource_${index})}},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  string(APPEND asm "    .section .note.GNU-stack,\"\",%progbits\n")
  set(out ${CMAKE_BINARY_DIR}/generated)
  file(CONFIGURE OUTPUT ${out}/resource_bytes.S CONTENT "${asm}" @ONLY)
  file(CONFIGURE OUTPUT ${out}/resource_table.cc CONTENT
"#include \"harness/core/resources.h\"
extern \"C\" {
${externs}}
namespace evalrun {
std::span<const Resource> resources() {
  static const Resource table[] = {
${rows}  };
  return table;
}
}  // namespace evalrun
" @ONLY)
  set_source_files_properties(${out}/resource_bytes.S PROPERTIES OBJECT_DEPENDS "${paths}")
  target_sources(${TARGET} PRIVATE ${out}/resource_bytes.S ${out}/resource_table.cc)
endfunction()
