/**
 * Claviger as an issuer: its keys and their rotation, the documents that providers read, and the
 * statements about services that it signs.
 */
package io.claviger.application.issuer;
