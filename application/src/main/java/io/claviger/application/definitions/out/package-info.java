/** What the use cases of definitions need from outside. */
@NullMarked
package io.claviger.application.definitions.out;

import org.jspecify.annotations.NullMarked;
