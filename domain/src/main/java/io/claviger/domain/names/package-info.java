/**
 * The names with which a provider can distinguish the borrowers of one key. Each name is an HMAC
 * with the service's naming key. So only the service's owner can find out which caller a name
 * means.
 */
@NullMarked
package io.claviger.domain.names;

import org.jspecify.annotations.NullMarked;
