/** What all pages share: the frame around them, forms, and files such as style sheets. */
@NullMarked
package io.claviger.console.page;

import org.jspecify.annotations.NullMarked;
