/**
 * Credentials of services: the kinds, the settings that are not secret, and the values to which a
 * credential is bound. The secrets themselves are sealed values and are not in this package.
 */
@NullMarked
package io.claviger.domain.credentials;

import org.jspecify.annotations.NullMarked;
