# evalrun_resources(TARGET glob...)
#
# Builds files into TARGET as harness/core/resources.h serves them. `.incbin` takes no time and no
# compiler memory, which a 4 MB array in C++ source would.
function(evalrun_resources TARGET)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${ARGN})
  list(SORT files)
  set(asm "    .section .rodata\n")
  set(externs "")
  set(rows "")
  set(index 0)
  foreach(file ${files})
    string(APPEND asm
      "    .balign 64\n    .global evalrun_resource_${index}\n    .global evalrun_resource_${index}_end\n"
      "evalrun_resource_${index}:\n    .incbin \"${CMAKE_SOURCE_DIR}/${file}\"\n"
      "evalrun_resource_${index}_end:\n    .byte 0\n")
    string(APPEND externs
      "extern const char evalrun_resource_${index}[], evalrun_resource_${index}_end[];\n")
    string(APPEND rows
      "    {\"${file}\", {evalrun_resource_${index}, std::size_t(evalrun_resource_${index}_end - evalrun_resource_${index})}},\n")
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
  list(TRANSFORM files PREPEND ${CMAKE_SOURCE_DIR}/)
  set_source_files_properties(${out}/resource_bytes.S PROPERTIES OBJECT_DEPENDS "${files}")
  target_sources(${TARGET} PRIVATE ${out}/resource_bytes.S ${out}/resource_table.cc)
endfunction()
