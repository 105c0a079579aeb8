/**
 * Claviger as an issuer: the keys and their rotation, the documents for providers, and the signed
 * statements about services.
 */
package io.claviger.application.issuer;
