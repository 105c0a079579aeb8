/**
 * What users and access tokens need from other modules: their stored rows, and what depends on
 * them.
 */
@NullMarked
package io.claviger.application.accounts.port;

import org.jspecify.annotations.NullMarked;
