/** The keys that providers have rejected, and the ages of keys. */
@NullMarked
package io.claviger.application.rejectedkeys;

import org.jspecify.annotations.NullMarked;
