/**
 * Credentials of services: tokens that are minted for calls, and the confirmation of destinations.
 */
@NullMarked
package io.claviger.application.credentials;

import org.jspecify.annotations.NullMarked;
