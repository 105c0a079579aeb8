/**
 * Credentials of services: their kinds, the settings of each kind that are not secret, and what a
 * credential is bound to. The secrets themselves are sealed values and are not in this package.
 */
package io.claviger.domain.credentials;
