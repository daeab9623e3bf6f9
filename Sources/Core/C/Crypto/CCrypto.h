#ifndef LAMCTL_CCRYPTO_H
#define LAMCTL_CCRYPTO_H

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#endif
