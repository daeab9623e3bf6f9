// libcurl's functions, loaded with the first connection: it brings some thirty libraries along, which would be half of the
// start of a command that opens no connection. Variadic functions, which Swift cannot call, have a typed wrapper an option.
#ifndef LAMCTL_CCURL_H
#define LAMCTL_CCURL_H

#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <sys/socket.h>

// A function of libcurl with the type that its header gives it. The null handle means every library that is loaded.
#define ccurl_function(name) ((__typeof__(&name))dlsym((void *)0, #name))

// Loads libcurl unless it is there; null on success, else why it cannot be.
static inline const char *_Nullable ccurl_load(void) {
  if (dlopen("libcurl.so.4", RTLD_LAZY | RTLD_GLOBAL) == NULL) return dlerror();
  // The youngest of the functions below, of libcurl 7.68.
  return ccurl_function(curl_multi_wakeup) == NULL ? "libcurl.so.4 is older than 7.68" : NULL;
}

typedef size_t (*ccurl_data_fn)(char *_Nullable data, size_t size, size_t count, void *_Nullable context);

static inline CURLcode ccurl_set_long(CURL *_Nonnull easy, CURLoption option, long value) {
  return ccurl_function(curl_easy_setopt)(easy, option, value);
}
static inline CURLcode ccurl_set_off(CURL *_Nonnull easy, CURLoption option, curl_off_t value) {
  return ccurl_function(curl_easy_setopt)(easy, option, value);
}
static inline CURLcode ccurl_set_str(CURL *_Nonnull easy, CURLoption option, const char *_Nullable value) {
  return ccurl_function(curl_easy_setopt)(easy, option, value);
}
static inline CURLcode ccurl_set_ptr(CURL *_Nonnull easy, CURLoption option, void *_Nullable value) {
  return ccurl_function(curl_easy_setopt)(easy, option, value);
}
static inline CURLcode ccurl_set_list(
    CURL *_Nonnull easy, CURLoption option, struct curl_slist *_Nullable value) {
  return ccurl_function(curl_easy_setopt)(easy, option, value);
}
static inline CURLcode ccurl_set_fn(CURL *_Nonnull easy, CURLoption option, ccurl_data_fn _Nullable value) {
  return ccurl_function(curl_easy_setopt)(easy, option, value);
}
static inline CURLcode ccurl_get_long(CURL *_Nonnull easy, CURLINFO info, long *_Nonnull value) {
  return ccurl_function(curl_easy_getinfo)(easy, info, value);
}
static inline CURLcode ccurl_get_off(CURL *_Nonnull easy, CURLINFO info, curl_off_t *_Nonnull value) {
  return ccurl_function(curl_easy_getinfo)(easy, info, value);
}
static inline CURLcode ccurl_get_ptr(CURL *_Nonnull easy, CURLINFO info, void *_Nullable *_Nonnull value) {
  return ccurl_function(curl_easy_getinfo)(easy, info, value);
}
static inline CURLMcode ccurl_multi_set_long(CURLM *_Nonnull multi, CURLMoption option, long value) {
  return ccurl_function(curl_multi_setopt)(multi, option, value);
}
static inline CURLcode ccurl_msg_result(const CURLMsg *_Nonnull message) { return message->data.result; }

static inline CURLcode ccurl_global_init(void) { return ccurl_function(curl_global_init)(CURL_GLOBAL_DEFAULT); }
static inline CURL *_Nullable ccurl_easy_init(void) { return ccurl_function(curl_easy_init)(); }
static inline void ccurl_easy_reset(CURL *_Nonnull easy) { ccurl_function(curl_easy_reset)(easy); }
static inline void ccurl_easy_cleanup(CURL *_Nonnull easy) { ccurl_function(curl_easy_cleanup)(easy); }
static inline const char *_Nonnull ccurl_easy_strerror(CURLcode code) {
  return ccurl_function(curl_easy_strerror)(code);
}
static inline struct curl_slist *_Nullable ccurl_slist_append(
    struct curl_slist *_Nullable list, const char *_Nonnull line) {
  return ccurl_function(curl_slist_append)(list, line);
}
static inline void ccurl_slist_free_all(struct curl_slist *_Nullable list) {
  if (list != NULL) ccurl_function(curl_slist_free_all)(list);
}
static inline CURLM *_Nullable ccurl_multi_init(void) { return ccurl_function(curl_multi_init)(); }
static inline void ccurl_multi_cleanup(CURLM *_Nonnull multi) { ccurl_function(curl_multi_cleanup)(multi); }
static inline void ccurl_multi_wakeup(CURLM *_Nonnull multi) { ccurl_function(curl_multi_wakeup)(multi); }
static inline void ccurl_multi_add_handle(CURLM *_Nonnull multi, CURL *_Nonnull easy) {
  ccurl_function(curl_multi_add_handle)(multi, easy);
}
static inline void ccurl_multi_remove_handle(CURLM *_Nonnull multi, CURL *_Nonnull easy) {
  ccurl_function(curl_multi_remove_handle)(multi, easy);
}
static inline void ccurl_multi_perform(CURLM *_Nonnull multi, int *_Nonnull active) {
  ccurl_function(curl_multi_perform)(multi, active);
}
static inline void ccurl_multi_poll(CURLM *_Nonnull multi, int milliseconds) {
  ccurl_function(curl_multi_poll)(multi, NULL, 0, milliseconds, NULL);
}
static inline CURLMsg *_Nullable ccurl_multi_info_read(CURLM *_Nonnull multi, int *_Nonnull left) {
  return ccurl_function(curl_multi_info_read)(multi, left);
}

// Sockets that a child program does not inherit: libcurl opens its own without close-on-exec.
static inline curl_socket_t ccurl_open_private_socket(
    void *_Nullable context, curlsocktype purpose, struct curl_sockaddr *_Nonnull address) {
  (void)context;
  (void)purpose;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}
static inline CURLcode ccurl_use_private_sockets(CURL *_Nonnull easy) {
  return ccurl_function(curl_easy_setopt)(easy, CURLOPT_OPENSOCKETFUNCTION, ccurl_open_private_socket);
}

#endif
