/**
 * Records of usage: whose calls, on which service, with whose key, and how much. The content of
 * calls is never recorded.
 */
@NullMarked
package io.claviger.domain.usage;

import org.jspecify.annotations.NullMarked;
