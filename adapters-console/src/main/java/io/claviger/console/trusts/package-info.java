/** The pages on which it is said whose tokens are exchanged for tokens of service accounts. */
@NullMarked
package io.claviger.console.trusts;

import org.jspecify.annotations.NullMarked;
