/** What the use cases of sharing need from outside. */
@NullMarked
package io.claviger.application.sharing.out;

import org.jspecify.annotations.NullMarked;
