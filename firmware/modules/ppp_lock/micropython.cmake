# For ports built by cmake: USER_C_MODULES=.../firmware/modules/ppp_lock/micropython.cmake
add_library(usermod_ppp_lock INTERFACE)
target_sources(usermod_ppp_lock INTERFACE ${CMAKE_CURRENT_LIST_DIR}/ppp_lock.c)
target_include_directories(usermod_ppp_lock INTERFACE ${CMAKE_CURRENT_LIST_DIR})
target_link_options(usermod_ppp_lock INTERFACE -Wl,--wrap=pppos_input)
target_link_libraries(usermod INTERFACE usermod_ppp_lock)
