// SPDX-License-Identifier: MIT
// Opens the API's document. Requests tried out here carry the CSRF token of the session, if any.
'use strict';

function csrfToken() {
    const found = document.cookie.split('; ').find((c) => c.startsWith('sp_csrf='));
    return found ? decodeURIComponent(found.slice('sp_csrf='.length)) : '';
}

window.SwaggerUIBundle({
    url: '/openapi.json',
    dom_id: '#swagger-ui',
    deepLinking: true,
    validatorUrl: null,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: 'BaseLayout',
    requestInterceptor(request) {
        const token = csrfToken();
        if (token && request.method && !['GET', 'HEAD'].includes(request.method.toUpperCase())) {
            request.headers['X-CSRF-Token'] = token;
        }
        return request;
    },
});
