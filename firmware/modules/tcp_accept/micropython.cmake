# For ports built by cmake: USER_C_MODULES=.../firmware/modules/tcp_accept/micropython.cmake
add_library(usermod_tcp_accept INTERFACE)
target_sources(usermod_tcp_accept INTERFACE ${CMAKE_CURRENT_LIST_DIR}/tcp_accept.c)
target_include_directories(usermod_tcp_accept INTERFACE ${CMAKE_CURRENT_LIST_DIR})
target_link_options(usermod_tcp_accept INTERFACE -Wl,--wrap=tcp_recv)
target_link_libraries(usermod INTERFACE usermod_tcp_accept)
