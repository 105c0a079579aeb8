/**
 * Records of usage: who called which service with whose key, and how much each call used. The
 * content of calls is never recorded.
 */
@NullMarked
package io.claviger.domain.usage;

import org.jspecify.annotations.NullMarked;
