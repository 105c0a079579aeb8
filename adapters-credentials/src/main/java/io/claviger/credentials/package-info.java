/**
 * Creates the tokens and keys for calls from the credentials of services. The package has one class
 * for each kind of credential. Libraries of the providers implement the protocols. The same rules
 * about addresses, time and size apply to every request.
 */
package io.claviger.credentials;
