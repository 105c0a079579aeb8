'use strict';

// Writes the whole contract into the page, so that the browser's find reaches each word of it. Swagger UI only reads the file.
(() => {
  const METHODS = ['get', 'put', 'post', 'patch', 'delete'];
  const DEEPEST = 3;

  function element(name, attributes, ...content) {
    const made = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    made.append(...content.filter((part) => part !== undefined && part !== ''));
    return made;
  }

  // Text with `code` and **strong words** in it.
  function inline(text) {
    return String(text)
      .split('`')
      .flatMap((part, n) => (n % 2 ? [element('code', {}, part)] : part.split('**').map((words, m) => (m % 2 ? element('strong', {}, words) : words))));
  }

  function table(lines) {
    const cells = (line) => line.split('|').slice(1, -1);
    const rows = lines
      .filter((line, n) => n !== 1)
      .map((line, n) => element('tr', {}, ...cells(line).map((cell) => element(n ? 'td' : 'th', {}, ...inline(cell.trim())))));
    return element('div', { class: 'wide', tabindex: '0' }, element('table', {}, ...rows));
  }

  function prose(text) {
    return String(text || '')
      .split(/\n\s*\n/)
      .map((paragraph) => paragraph.trim())
      .filter((paragraph) => paragraph)
      .map((paragraph) => {
        const lines = paragraph.split('\n');
        return lines[0].startsWith('|') ? table(lines) : element('p', {}, ...inline(paragraph));
      });
  }

  function anchor(text) {
    return text.replace(/[^A-Za-z0-9]+/g, '-');
  }

  function write(contract) {
    const resolved = (part) => {
      let found = part;
      while (found && found.$ref) {
        found = found.$ref.slice(2).split('/').reduce((at, key) => at[key.replace(/~1/g, '/')], contract);
      }
      return found || {};
    };
    const named = (schema) =>
      schema && schema.$ref && schema.$ref.startsWith('#/components/schemas/') ? schema.$ref.split('/').pop() : undefined;

    function type(schema) {
      const name = named(schema);
      if (name) {
        return [element('a', { href: '#schema-' + name }, name)];
      }
      const of = resolved(schema);
      const parts = of.oneOf || of.anyOf || of.allOf;
      if (parts) {
        return parts.flatMap((part, n) => (n ? [of.allOf ? ' and ' : ' or ', ...type(part)] : type(part)));
      }
      const words = [].concat(of.type || []).join(' or ');
      return of.items ? [words + ' of ', ...type(of.items)] : [words];
    }

    function bounds(schema) {
      const of = resolved(schema);
      const said = [];
      if (of.enum) said.push('one of ' + of.enum.join(', '));
      if (of.const !== undefined) said.push('always ' + of.const);
      if (of.default !== undefined) said.push('default ' + JSON.stringify(of.default));
      if (of.minimum !== undefined) said.push('at least ' + of.minimum);
      if (of.maximum !== undefined) said.push('at most ' + of.maximum);
      if (of.maxLength !== undefined) said.push('at most ' + of.maxLength + ' characters');
      if (of.maxItems !== undefined) said.push('at most ' + of.maxItems + ' items');
      if (of.format) said.push(of.format);
      return said.length ? '; ' + said.join('; ') : '';
    }

    function fields(schema, depth) {
      const of = resolved(schema);
      const rows = Object.entries(of.properties || {}).map(([name, field]) => {
        const inner = !named(field) && depth < DEEPEST ? [fields(field, depth + 1)] : [];
        const words = resolved(field).description || '';
        return element(
          'li',
          {},
          element('code', {}, name),
          ' (',
          ...type(field),
          (of.required || []).includes(name) ? ', required' : '',
          bounds(field),
          ') ',
          ...inline(words),
          ...inner.filter(Boolean),
        );
      });
      const parts = (of.allOf || of.oneOf || of.anyOf || []).filter((part) => !named(part));
      const items = of.items && !named(of.items) && depth < DEEPEST ? fields(of.items, depth + 1) : undefined;
      const more = parts.map((part) => fields(part, depth + 1)).concat(items).filter(Boolean);
      return rows.length || more.length
        ? element('div', {}, rows.length ? element('ul', {}, ...rows) : '', ...more)
        : undefined;
    }

    function body(title, content) {
      return Object.entries(content || {}).flatMap(([media, of]) => [
        element('p', {}, title + ' (' + media + '): ', ...type(of.schema || {})),
        named(of.schema) ? '' : fields(of.schema || {}, 0) || '',
      ]);
    }

    function operation(path, method, of, shared) {
      const parameters = [...(shared || []), ...(of.parameters || [])].map(resolved);
      const request = resolved(of.requestBody);
      const answers = Object.entries(of.responses || {}).map(([status, answer]) => {
        const said = resolved(answer);
        return element(
          'li',
          {},
          element('strong', {}, status),
          ' ',
          ...inline(said.description || ''),
          ...(status.startsWith('2') ? body('It has', said.content) : []),
        );
      });
      return element(
        'section',
        { id: of.operationId },
        element('h3', {}, element('a', { href: '#' + of.operationId }, element('code', {}, method.toUpperCase() + ' ' + path))),
        element('p', { class: 'summary' }, ...inline(of.summary || '')),
        ...prose(of.description),
        parameters.length ? element('h4', {}, 'Parameters') : '',
        parameters.length
          ? element(
              'ul',
              {},
              ...parameters.map((each) =>
                element(
                  'li',
                  {},
                  element('code', {}, each.name),
                  ' (' + each.in + ', ',
                  ...type(each.schema || {}),
                  each.required ? ', required' : '',
                  bounds(each.schema || {}),
                  ') ',
                  ...inline(each.description || ''),
                ),
              ),
            )
          : '',
        ...body('The request has', request.content),
        element('h4', {}, 'Answers'),
        element('ul', {}, ...answers),
      );
    }

    const main = document.getElementById('contract');
    const sidebar = document.getElementById('sidebar');
    main.append(...prose(contract.info.description));
    const list = element('ul', {});
    for (const tag of contract.tags) {
      const operations = Object.entries(contract.paths).flatMap(([path, item]) =>
        METHODS.filter((method) => item[method] && (item[method].tags || []).includes(tag.name)).map((method) => ({
          path,
          method,
          of: item[method],
          shared: item.parameters,
        })),
      );
      const id = 'tag-' + anchor(tag.name);
      main.append(
        element('h2', { id }, tag.name),
        ...prose(tag.description),
        ...operations.map((each) => operation(each.path, each.method, each.of, each.shared)),
      );
      list.append(
        element(
          'li',
          {},
          element('a', { href: '#' + id }, tag.name),
          element(
            'ul',
            {},
            ...operations.map((each) => element('li', {}, element('a', { href: '#' + each.of.operationId }, each.of.summary))),
          ),
        ),
      );
    }
    main.append(element('h2', { id: 'schemas' }, 'Schemas'));
    for (const [name, schema] of Object.entries(contract.components.schemas)) {
      main.append(
        element(
          'section',
          { id: 'schema-' + name },
          element('h3', {}, element('code', {}, name)),
          ...prose(resolved(schema).description),
          element('p', {}, ...type(resolved(schema)), bounds(schema)),
          fields(schema, 0) || '',
        ),
      );
    }
    list.append(element('li', {}, element('a', { href: '#schemas' }, 'Schemas')));
    sidebar.append(list);
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  }

  let written = false;
  const reader = SwaggerUIBundle({
    url: '/openapi.yaml',
    domNode: document.createElement('div'),
    docExpansion: 'none',
    defaultModelsExpandDepth: -1,
    queryConfigEnabled: false,
    validatorUrl: null,
    onComplete: () => {
      if (!written) {
        written = true;
        write(reader.getSystem().specSelectors.specJson().toJS());
      }
    },
  });
})();
