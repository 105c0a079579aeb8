/** Gives, changes and ends shares in the same way for services, definitions and projects. */
@NullMarked
package io.claviger.application.shares;

import org.jspecify.annotations.NullMarked;
