# For ports built by cmake: USER_C_MODULES=.../firmware/modules/tcp_input/micropython.cmake
add_library(usermod_tcp_input INTERFACE)
target_sources(usermod_tcp_input INTERFACE ${CMAKE_CURRENT_LIST_DIR}/tcp_input.c)
target_include_directories(usermod_tcp_input INTERFACE ${CMAKE_CURRENT_LIST_DIR})
target_compile_definitions(usermod_tcp_input INTERFACE LWIP_HOOK_FILENAME="tcp_input.h")
target_link_libraries(usermod INTERFACE usermod_tcp_input)
