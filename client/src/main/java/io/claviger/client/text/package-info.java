/** Makes text from elsewhere safe for terminals. */
package io.claviger.client.text;
