/**
 * Creates the tokens and keys for calls from the credentials of services. The package has one class
 * for each kind of credential. A library implements OAuth and JWT; the signatures for AWS are
 * computed here. The same rules about addresses, time and size apply to every request.
 */
package io.claviger.credentials;
