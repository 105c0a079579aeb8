/** Stored keys that providers rejected, for those who can replace them. */
@NullMarked
package io.claviger.application.rejectedkeys;

import org.jspecify.annotations.NullMarked;
