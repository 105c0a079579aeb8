/**
 * Makes the tokens and keys that are sent with calls from the credentials of services. There is one
 * class for each kind of credential. The protocols are implemented by the libraries of the
 * providers, and the same rules about addresses, time and size apply to every request.
 */
package io.claviger.credentials;
