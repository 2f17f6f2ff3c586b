# evalrun_version(TARGET): the commit the binary was built from, looked up at each build, compiled
# into one small file so that a new commit rebuilds nothing else.
function(evalrun_version TARGET)
  set(out ${CMAKE_BINARY_DIR}/generated/version.cc)
  add_custom_target(evalrun_commit BYPRODUCTS ${out}
    COMMAND ${CMAKE_COMMAND} -DSOURCE_DIR=${CMAKE_SOURCE_DIR} -DOUT=${out}
            -DVERSION=${PROJECT_VERSION} -P ${CMAKE_SOURCE_DIR}/cmake/write_version.cmake
    VERBATIM)
  target_sources(${TARGET} PRIVATE ${out})
  add_dependencies(${TARGET} evalrun_commit)
endfunction()
