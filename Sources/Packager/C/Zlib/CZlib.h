// The init functions of zlib are macros, which Swift cannot call.
#ifndef LAMCTL_CZLIB_H
#define LAMCTL_CZLIB_H

#include <zlib.h>

// Raw deflate, as zip wants it: no zlib header, largest window.
static inline int czlib_deflate_init(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
}
static inline int czlib_inflate_init(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }

#endif
