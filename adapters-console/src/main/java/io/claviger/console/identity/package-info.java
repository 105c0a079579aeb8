/** The pages on which administrators say whose account at the identity provider a user has. */
@NullMarked
package io.claviger.console.identity;

import org.jspecify.annotations.NullMarked;
