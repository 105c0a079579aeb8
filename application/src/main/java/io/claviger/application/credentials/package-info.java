/** Credentials of services: what is minted for calls, and the confirmation of destinations. */
package io.claviger.application.credentials;
