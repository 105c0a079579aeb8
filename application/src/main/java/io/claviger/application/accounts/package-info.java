/** Users and their access tokens: who is who, and who may make or end whom. */
@NullMarked
package io.claviger.application.accounts;

import org.jspecify.annotations.NullMarked;
