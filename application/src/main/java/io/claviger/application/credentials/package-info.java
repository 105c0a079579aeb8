/**
 * Credentials of services: tokens that are minted for calls, and the confirmation of destinations.
 */
package io.claviger.application.credentials;
